const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * The session limits of NIST SP 800-63B-4 for each authentication assurance level (sections 2.1.3, 2.2.3 and
 * 2.3.3), milliseconds. Levels 2 and 3 ask for two factors and refuse to start without one.
 */
export const PRESETS = {
  aal1: { idle: 30 * DAY, absolute: 30 * DAY, secondFactor: false },
  aal2: { idle: HOUR, absolute: 24 * HOUR, secondFactor: true },
  aal3: { idle: 15 * MINUTE, absolute: 12 * HOUR, secondFactor: true },
} as const

export type Preset = keyof typeof PRESETS
