*** Settings ***
Documentation    The pump
Test Tags        goldthread:verifies SRS-1 [[ |  | ]]

*** Test Cases ***
Pump Starts
    [Tags]    smoke    goldthread:verifies SRS-2 [[Pump Starts | Pump Starts | ]]
    # goldthread:verifies SRS-3 [[Pump Starts | Pump Starts | ]]
    Start Pump    # goldthread:verifies SRS-4 [[Pump Starts | Pump Starts | ]]

# goldthread:verifies SRS-5 [[Pump Stops | Pump Stops | ]]
Pump Stops
    Stop Pump

*** Keywords ***
# goldthread:implements SRS-6 [[ | Start Pump | ]]
Start Pump
    Log    x
