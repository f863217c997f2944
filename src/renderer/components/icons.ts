/** Stroke paths on a 24-unit grid, drawn with round caps in the current colour. */
export const icons = {
  studies: 'M4 5h16M4 10h16M4 15h16M4 20h10',
  reading: 'M5 3h14v18H5zM12 6v9M12 8c-3 0-4 2-4 4M12 8c3 0 4 2 4 4M8.5 17c1-1.5 2-2 3.5-2s2.5.5 3.5 2',
  import: 'M12 4v11M7.5 10.5 12 15l4.5-4.5M4 19h16',
  models: 'M12 3v5M12 8l-6 6M12 8l6 6M12 8v6M4 14h4v5H4zM10 14h4v5h-4zM16 14h4v5h-4z',
  training: 'M4 4v16h16M7 8c1 6 4 8 13 9',
  evaluation: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7zM6 7.5l1.2 1.2L9.5 6',
  queues: 'M4 6h10M4 11h10M4 16h6M17 5v13M14 15l3 3 3-3',
  protocols:
    'M8 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M16 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M3 19c0-3 2-5 5-5s5 2 5 5M15 14c4 0 6 2 6 5',
  agreement: 'M9.5 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12M14.5 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12',
  jobs: 'M12 4a8 8 0 1 0 8 8M12 8v4l3 2',
  history: 'M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4l3 2',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
  project: 'M3 6h6l2 2h10v11H3z',
  folder: 'M3 6h6l2 2h10v11H3z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  undo: 'M8 5 4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4',
  redo: 'M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h4',
  warning: 'M12 4 2.5 20h19zM12 10v5M12 17.5v.5',
  error: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5v6M12 16.5v.5',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v6M12 7.5v.5',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17.5 14h.01M6.5 14h.01M9.5 14h5',
  plus: 'M12 5v14M5 12h14',
  film: 'M5 3h14v18H5zM5 8h14',
  stop: 'M7 7h10v10H7z',
  play: 'M8 5l11 7-11 7z',
  pause: 'M8 5v14M16 5v14'
} as const

export type IconName = keyof typeof icons
