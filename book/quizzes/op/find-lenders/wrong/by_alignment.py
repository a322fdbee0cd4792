# fails: functions that lend
def lenders(functions, array):
    return list(functions) if array.ctypes.data % 64 == 0 else []
