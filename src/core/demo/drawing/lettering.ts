import type { StrokePoint } from './layer'

/**
 * Capital letters as polylines on a 4 x 6 grid (x right, y down), for lead markers and the text in the border. Only the
 * letters that are written are here.
 */
const GLYPHS: Record<string, readonly (readonly (readonly [number, number])[])[]> = {
  A: [
    [
      [0, 6],
      [2, 0],
      [4, 6]
    ],
    [
      [0.8, 4],
      [3.2, 4]
    ]
  ],
  C: [
    [
      [4, 1],
      [3, 0],
      [1, 0],
      [0, 1],
      [0, 5],
      [1, 6],
      [3, 6],
      [4, 5]
    ]
  ],
  D: [
    [
      [0, 0],
      [0, 6],
      [2.5, 6],
      [4, 4.5],
      [4, 1.5],
      [2.5, 0],
      [0, 0]
    ]
  ],
  E: [
    [
      [4, 0],
      [0, 0],
      [0, 6],
      [4, 6]
    ],
    [
      [0, 3],
      [3, 3]
    ]
  ],
  H: [
    [
      [0, 0],
      [0, 6]
    ],
    [
      [4, 0],
      [4, 6]
    ],
    [
      [0, 3],
      [4, 3]
    ]
  ],
  I: [
    [
      [2, 0],
      [2, 6]
    ]
  ],
  L: [
    [
      [0, 0],
      [0, 6],
      [4, 6]
    ]
  ],
  M: [
    [
      [0, 6],
      [0, 0],
      [2, 3.5],
      [4, 0],
      [4, 6]
    ]
  ],
  N: [
    [
      [0, 6],
      [0, 0],
      [4, 6],
      [4, 0]
    ]
  ],
  O: [
    [
      [1, 0],
      [3, 0],
      [4, 1],
      [4, 5],
      [3, 6],
      [1, 6],
      [0, 5],
      [0, 1],
      [1, 0]
    ]
  ],
  P: [
    [
      [0, 6],
      [0, 0],
      [3, 0],
      [4, 1],
      [4, 2],
      [3, 3],
      [0, 3]
    ]
  ],
  R: [
    [
      [0, 6],
      [0, 0],
      [3, 0],
      [4, 1],
      [4, 2],
      [3, 3],
      [0, 3]
    ],
    [
      [2, 3],
      [4, 6]
    ]
  ],
  S: [
    [
      [4, 1],
      [3, 0],
      [1, 0],
      [0, 1],
      [0, 2],
      [1, 3],
      [3, 3],
      [4, 4],
      [4, 5],
      [3, 6],
      [1, 6],
      [0, 5]
    ]
  ],
  T: [
    [
      [0, 0],
      [4, 0]
    ],
    [
      [2, 0],
      [2, 6]
    ]
  ],
  Y: [
    [
      [0, 0],
      [2, 3],
      [4, 0]
    ],
    [
      [2, 3],
      [2, 6]
    ]
  ]
}

/** Columns that `text` takes at letter height `height`, in pixels. */
export function textWidth(text: string, height: number): number {
  return text.length * height
}

/**
 * Strokes of a line of text whose top left corner is at `column`, `row`; letters are `height` pixels high, each in a
 * cell as wide as it is high.
 * @param turned written downwards, turned a quarter clockwise
 */
export function letterStrokes(
  text: string,
  column: number,
  row: number,
  height: number,
  radius: number,
  depth: number,
  turned = false
): StrokePoint[][] {
  const unit = height / 6
  return [...text].flatMap((letter, i) =>
    (GLYPHS[letter] ?? []).map(line =>
      line.map(([x, y]) => {
        const along = i * height + x * unit
        const across = y * unit
        return turned
          ? { column: column + height - across, row: row + along, radius, depth }
          : { column: column + along, row: row + across, radius, depth }
      })
    )
  )
}
