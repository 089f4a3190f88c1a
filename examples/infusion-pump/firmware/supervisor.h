/*
 * Supervisor of the protection processor: keeps the supply of the motor closed
 * only while the control processor proves itself by a heartbeat and the encoder
 * shows a speed that the pump can be asked for. It runs on its own processor
 * with its own clock and supply, and takes nothing from the control processor
 * but the heartbeat. See docs/architecture.md.
 *
 * No dynamic memory, no recursion, no loop without a bound.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#define SUPERVISOR_TIMEOUT_MS 500u
#define SUPERVISOR_WINDOW_MS 1000u
/* 1200 mL/h is 333 uL/s; a fifth above it is a runaway. */
#define SUPERVISOR_MAX_UL_PER_WINDOW 400u

enum supervisor_state {
    SUPERVISOR_WAITING = 0, /* supply open until the first heartbeat */
    SUPERVISOR_HOLDING,     /* supply closed */
    SUPERVISOR_TRIPPED      /* supply open until the device is switched off */
};

struct supervisor {
    enum supervisor_state state;
    uint32_t last_beat_ms;
    uint32_t window_start_ms;
    uint32_t window_ul;
    uint8_t number; /* of the last heartbeat */
};

void supervisor_init(struct supervisor *s, uint32_t now_ms);

/* To be called when a heartbeat arrives, with its number. */
void supervisor_beat(struct supervisor *s, uint32_t now_ms, uint8_t number);

/* To be called every 10 ms, with what the encoder moved since the last call. */
void supervisor_tick(struct supervisor *s, uint32_t now_ms, uint32_t moved_ul);

/* Whether the supply of the motor may be closed. */
bool supervisor_supply(const struct supervisor *s);

#endif
