import type { Ref } from 'vue'
import { useKeys, type KeyHandler } from '../../composables/keys'
import { DIAGNOSES } from '../../../contract'
import { useBlinding } from '../../stores/blinding'
import { useLungOverlay } from '../../stores/lung-overlay'
import { useNotices } from '../../stores/notices'
import { usePrediction } from '../../stores/prediction'
import { useProtocolReading } from '../../stores/protocol-reading'
import { useReading } from '../../stores/reading'
import { useSitting } from '../../stores/sitting'
import { WINDOW_PRESETS, type Viewport } from '../../viewport'
import type { Flicker } from './hanging/use-flicker'
import type { useMagnifier } from './measuring/use-magnifier'
import type { Measuring } from './measuring/use-measuring'

const ZOOM_STEP = 1.2
/** The same for a film that is being aligned. */
const ALIGN_STEP = 1.005
/** Film pixels per press of an arrow key with Shift on a chosen handle. */
const LONG_NUDGE = 10
/** CSS pixels per press of an arrow key. */
const PAN_STEP = 60

interface Parts {
  /** Of the active pane. */
  viewport: Readonly<Ref<Viewport | undefined>>
  flicker: Flicker
  bare: Ref<boolean>
  measuring: Measuring
  magnifier: ReturnType<typeof useMagnifier>
  labels: Readonly<Ref<{ focusComment(): void } | null>>
  tags: Readonly<Ref<{ open(): void } | null>>
  answers: Readonly<Ref<{ tryValues(): void; explain(): void } | null>>
  context: Readonly<Ref<{ focus(): void; acceptSuggestion(): boolean } | null>>
}

/** Everything in the reading room by keyboard. */
export function useReadingKeys(parts: Parts): void {
  const { viewport, bare, labels, tags, context, answers, measuring, magnifier, flicker } = parts
  const reading = useReading()
  const task = useProtocolReading()
  const prediction = usePrediction()
  const notices = useNotices()
  const blinding = useBlinding()
  const sitting = useSitting()
  const lungs = useLungOverlay()

  /** What the reader answers to: the film of a protocol in hand, else the label of the film on screen. */
  const answering = () => (task.task ? task : reading)
  const goOn = () => (task.state === 'saved' ? task.accept() : task.returnToFilm())
  const go = (step: () => string | null) => {
    if (task.task) return void (step === reading.previous ? task.correctLast() : goOn())
    if (step() === null) notices.show('info', 'reading.endOfList')
  }
  /** Moves what is in hand: a chosen handle by film pixels, or the film that is being aligned by screen pixels. */
  const nudge = (x: number, y: number) =>
    (viewport.value !== undefined && measuring.nudge(viewport.value.state, x, y)) || flicker.move(x, y)
  const zoom = (factor: number, growth: number) => () => {
    if (!flicker.grow(growth)) viewport.value?.zoomBy(factor)
  }
  /** Moves a chosen handle one film pixel against the view's way, else the view. */
  const pan = (x: number, y: number) => () => {
    if (nudge(-x, -y)) return
    const step = PAN_STEP * window.devicePixelRatio
    viewport.value?.panBy(x * step, y * step)
  }
  const accept = async () => {
    if (task.task) return task.accept()
    if (!(await reading.accept())) notices.show('info', 'reading.nothingToAccept')
  }
  const acceptSuggestion = () => {
    if (!context.value?.acceptSuggestion()) notices.show('info', 'reading.noSuggestion')
  }

  const setLabels = mapKeys(DIAGNOSES, diagnosis => [
    `label-${diagnosis}`,
    () => void answering().setLabel(diagnosis)
  ])
  const setWindows = mapKeys(WINDOW_PRESETS, preset => [
    `window-${preset}`,
    () => viewport.value?.setPreset(preset)
  ])

  useKeys('reading', {
    ...setLabels,
    accept: () => void accept(),
    unsure: () => void answering().toggleCertainty(),
    comment: () => labels.value?.focusComment(),
    tags: () => tags.value?.open(),
    pace: () => sitting.toggle(),
    remove: () => void (measuring.remove() || task.task || reading.removeLabel()),
    context: () => context.value?.focus(),
    whatIf: () => answers.value?.tryValues(),
    explain: () => answers.value?.explain(),
    suggestion: acceptSuggestion,
    blind: () => blinding.toggle(),
    next: () => go(reading.next),
    previous: () => go(reading.previous),
    ...setWindows,
    invert: () => viewport.value?.invert(),
    flip: () => viewport.value?.flip(),
    rotate: () => viewport.value?.rotate(),
    fit: () => viewport.value?.fit(),
    oneToOne: () => viewport.value?.oneToOne(),
    measure: () => measuring.cycleTool(),
    nextHandle: () => viewport.value?.state.film && measuring.chooseNext(viewport.value.state.film.id),
    magnifier: magnifier.press,
    lungs: () => lungs.toggle(),
    nearest: () => viewport.value?.toggleNearest(),
    overlay: () => prediction.toggleOverlay(),
    zoomIn: zoom(ZOOM_STEP, ALIGN_STEP),
    zoomOut: zoom(1 / ZOOM_STEP, 1 / ALIGN_STEP),
    'pan-left': pan(1, 0),
    'pan-right': pan(-1, 0),
    'pan-up': pan(0, 1),
    'pan-down': pan(0, -1),
    'nudge-left': () => nudge(-LONG_NUDGE, 0),
    'nudge-right': () => nudge(LONG_NUDGE, 0),
    'nudge-up': () => nudge(0, -LONG_NUDGE),
    'nudge-down': () => nudge(0, LONG_NUDGE),
    bare: () => (bare.value = !bare.value),
    reset: () => {
      if (bare.value) bare.value = false
      else if (!flicker.end() && !measuring.cancel()) viewport.value?.reset()
    }
  })
}

/** One handler for each of a list, typed by their names. */
function mapKeys<Each extends string, Name extends string>(
  list: readonly Each[],
  handlerOf: (each: Each) => [Name, KeyHandler]
): Record<Name, KeyHandler> {
  return Object.fromEntries(list.map(handlerOf)) as Record<Name, KeyHandler>
}
