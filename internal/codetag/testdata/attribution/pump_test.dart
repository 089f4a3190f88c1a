// goldthread:implements SRS-1 [[ | Pump | ]]
class Pump extends Base {
  // goldthread:implements SRS-2 [[ | Pump.start | ]]
  Future<void> start({int x = 1}) async {
    // goldthread:implements SRS-3 [[ | Pump.start | ]]
  }
}

void main() {
  group('pump', () {
    // goldthread:verifies SRS-4 [[pump starts | pump.starts | ]]
    test('starts', () async {
      expect(1, 1); // goldthread:verifies SRS-5 [[pump starts | pump.starts | ]]
    });
  });
}
