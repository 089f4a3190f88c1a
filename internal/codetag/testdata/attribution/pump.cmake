# goldthread:implements SRS-1 [[ | pump | ]]
add_library(pump a.c)
# goldthread:verifies SRS-2 [[pump_test | pump_test | ]]
add_test(NAME pump_test COMMAND x)
