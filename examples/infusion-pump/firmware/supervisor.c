#include "supervisor.h"

/* goldthread:implements SRS-35 */
void supervisor_init(struct supervisor *s, uint32_t now_ms)
{
    s->state = SUPERVISOR_WAITING;
    s->last_beat_ms = now_ms;
    s->window_start_ms = now_ms;
    s->window_ul = 0u;
    s->number = 0u;
}

/* Numbers rise by one and wrap; one left out or repeated is a fault. */
/* goldthread:implements SRS-33 */
void supervisor_beat(struct supervisor *s, uint32_t now_ms, uint8_t number)
{
    const uint8_t expected = (uint8_t)(s->number + 1u);

    if (s->state == SUPERVISOR_WAITING) {
        s->state = SUPERVISOR_HOLDING;
    } else if (number != expected) {
        s->state = SUPERVISOR_TRIPPED;
    }
    s->number = number;
    s->last_beat_ms = now_ms;
}

/* Differences of the unsigned clock stay right when it wraps. */
/* goldthread:implements SRS-33, SRS-34 */
void supervisor_tick(struct supervisor *s, uint32_t now_ms, uint32_t moved_ul)
{
    if ((uint32_t)(now_ms - s->window_start_ms) >= SUPERVISOR_WINDOW_MS) {
        s->window_start_ms = now_ms;
        s->window_ul = 0u;
    }
    if (moved_ul > SUPERVISOR_MAX_UL_PER_WINDOW - s->window_ul) {
        s->state = SUPERVISOR_TRIPPED;
        s->window_ul = SUPERVISOR_MAX_UL_PER_WINDOW;
    } else {
        s->window_ul += moved_ul;
    }
    if ((s->state == SUPERVISOR_HOLDING) &&
        ((uint32_t)(now_ms - s->last_beat_ms) > SUPERVISOR_TIMEOUT_MS)) {
        s->state = SUPERVISOR_TRIPPED;
    }
}

/* goldthread:implements SRS-35 */
bool supervisor_supply(const struct supervisor *s)
{
    return s->state == SUPERVISOR_HOLDING;
}
