// goldthread:verifies SRS-0 [[ |  | ]]

#include <gtest/gtest.h>

// goldthread:implements SRS-1 [[ | LIMIT | ]]
#define LIMIT \
  5

namespace pump {
namespace {

// goldthread:implements SRS-2 [[ | Pump | ]]
class EXPORT Pump final : public Base<int> {
 public:
  // goldthread:implements SRS-3 [[ | Pump::Pump | ]]
  explicit Pump(int x) : x_(x), y_{2} {
    // goldthread:implements SRS-4 [[ | Pump::Pump | ]]
  }
 private:
  // goldthread:implements SRS-5 [[ | Pump::stop | ]]
  virtual void stop() const = 0;
  int x_; // goldthread:implements SRS-6 [[ | Pump::x_ | ]]
};

// goldthread:implements SRS-7 [[ | Pump::start | ]]
template <typename T, int N>
std::vector<std::pair<int, T>> Pump::start(const T& x, int y = f({1, 2})) noexcept(true)
{
  auto f = [&](int z) { return z; }; // goldthread:implements SRS-8 [[ | Pump::start | ]]
  struct timespec ts;
  if (x) {
    // goldthread:implements SRS-8 [[ | Pump::start | ]]
  }
#if A
  for (;;) {
#else
  while (1) {
#endif
  }
  // goldthread:implements SRS-9 [[ | Pump::start | ]]
}

// goldthread:verifies SRS-10 [[PumpTest.Starts | PumpTest.Starts | ]]
TEST_F(PumpTest, Starts) {
  EXPECT_EQ(1, 1);  // goldthread:verifies SRS-11 [[PumpTest.Starts | PumpTest.Starts | ]]
}

// goldthread:verifies SRS-12 [[the pump, it stops | the pump, it stops | ]]
TEST_CASE("the pump, it stops", "[pump]") {
  SECTION("a") {
    // goldthread:verifies SRS-13 [[the pump, it stops | the pump, it stops | ]]
  }
}

// goldthread:implements SRS-14 [[ | Mode | ]]
enum class Mode : int { Off, On };

EXPORT_MACRO(x)
// goldthread:implements SRS-16 [[ | after_macro | ]]
static struct pump *after_macro(struct pump *p) {
  return p;
}

}  // namespace
}  // namespace pump
