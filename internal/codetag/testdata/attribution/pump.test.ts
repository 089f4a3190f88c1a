// goldthread:verifies SRS-0 [[ |  | ]]

import { x } from "y";

// goldthread:implements SRS-1 [[ | Pump | ]]
export default class Pump<T> extends Base {
  // goldthread:implements SRS-2 [[ | Pump.start | ]]
  async start(x: number, o: { a: number } = { a: 1 }): Promise<void> {
    // goldthread:implements SRS-3 [[ | Pump.start | ]]
    const r = `${x}`;
    if (r) { }
  }
  private rate = 5; // goldthread:implements SRS-4 [[ | Pump.rate | ]]
  // goldthread:implements SRS-5 [[ | Pump.stop | ]]
  stop = () => { };
}

// goldthread:implements SRS-6 [[ | helper | ]]
export const helper = async (x: number) => {
  // goldthread:implements SRS-7 [[ | helper | ]]
};

// goldthread:implements SRS-8 [[ | plain | ]]
export function plain(o: { a: number }) {
  return o; // goldthread:implements SRS-8 [[ | plain | ]]
}

// goldthread:implements SRS-9 [[ | exports.old | ]]
exports.old = function () {
};

// goldthread:verifies SRS-10 [[pump | pump | ]]
describe("pump", () => {
  const p = new Pump(); // goldthread:verifies SRS-11 [[pump | pump.p | ]]
  // goldthread:verifies SRS-12 [[pump > starts | pump.starts | ]]
  it("starts", async () => {
    // goldthread:verifies SRS-13 [[pump > starts | pump.starts | ]]
    expect({ a: 1 }).toBe(2);
  });
  describe('nested', function () {
    // goldthread:verifies SRS-14 [[pump > nested > adds %i | pump.nested.adds %i | ]]
    test.each([
      { a: 1 },
    ])("adds %i", ({ a }) => {
      // goldthread:verifies SRS-15 [[pump > nested > adds %i | pump.nested.adds %i | ]]
    });
    it.skip(`short`, () => expect(1).toBe(1)); // goldthread:verifies SRS-16 [[pump > nested > short | pump.nested.short | ]]
  });
});

// goldthread:verifies SRS-17 [[alone | alone | ]]
test('alone', (t) => { });
