/* goldthread:implements SRS-1 [[ | pump_t | ]] */
typedef struct {
    int rate; /* goldthread:implements SRS-2 [[ | pump_t::rate | ]] */
} pump_t;

/* goldthread:implements SRS-3 [[ | pump_start | ]] */
int pump_start(pump_t *p);

/* goldthread:implements SRS-4 [[ | table | ]] */
static const int table[3] = { 1, 2, 3 };

/** goldthread:implements SRS-5 [[ | pump_start | ]] */
int
pump_start(pump_t *p)
{
    struct x y = { .a = 1 };
    switch (p->rate) {
    case 1: /* goldthread:implements SRS-6 [[ | pump_start | ]] */
        break;
    }
    return 0;
}

/* goldthread:verifies SRS-7 [[test_pump_start | test_pump_start | ]] */
void test_pump_start(void) {
    TEST_ASSERT(1);
}

// goldthread:implements SRS-8 [[ | limit | ]]
unsigned limit = 5;

// goldthread:verifies SRS-9 [[test_check | test_check | ]]
START_TEST(test_check)
{
}
END_TEST
