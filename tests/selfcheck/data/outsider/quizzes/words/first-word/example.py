print(first("to be or not"))
