/** Caps that keep one bad file from exhausting the machine; each is well above any radiograph. */

/** Largest file that is read whole (decoding, or a header that does not fit its first bytes). */
export const MAX_FILE_BYTES = 2 ** 30

/** Most pixels that a film may declare (8192 x 8192); checked before anything is allocated. */
export const MAX_PIXELS = 2 ** 26

/** Most bytes that a deflated data set may inflate to. */
export const MAX_INFLATED_BYTES = 2 ** 28

/** Most fragments that encapsulated pixel data of one frame may be split into. */
export const MAX_FRAGMENTS = 2 ** 16
