# goldthread:verifies SRS-1 [[ | The pump | ]]
Feature: The pump

  # goldthread:verifies SRS-2 [[It starts | It starts | ]]
  @smoke
  Scenario: It starts
    Given a pump
    # goldthread:verifies SRS-3 [[It starts | It starts | ]]
    Then it runs

  @slow # goldthread:verifies SRS-4 [[It stops | It stops | ]]
  Scenario Outline: It stops
    Examples:
      | a |

  Rule: Alarms
    @x
    # goldthread:verifies SRS-5 [[It sounds | It sounds | ]]
    Example: It sounds
      Given b
