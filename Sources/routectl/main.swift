print("routectl")
