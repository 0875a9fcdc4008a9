print("routed")
