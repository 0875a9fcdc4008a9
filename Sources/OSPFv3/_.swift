import RouteCore
