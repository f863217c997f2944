import { config } from 'zod'

/**
 * Zod compiles its parsers with `new Function` where it may. The content security policy forbids that and reports the
 * attempt; so it is told not to try, before any schema is made. Imported first in main.ts.
 */
config({ jitless: true })
