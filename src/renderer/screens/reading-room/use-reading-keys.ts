import type { Ref, ShallowRef } from 'vue'
import { useKeys, type KeyBinding } from '../../composables/keys'
import { DIAGNOSES } from '../../../contract'
import { useBlinding } from '../../stores/blinding'
import { useNotices } from '../../stores/notices'
import { usePrediction } from '../../stores/prediction'
import { useReading } from '../../stores/reading'
import { WINDOW_PRESETS, type Viewport } from '../../viewport'
import type { useMagnifier } from './measuring/use-magnifier'
import type { Measuring } from './measuring/use-measuring'

const ZOOM_STEP = 1.2
/** Film pixels per press of an arrow key with Shift on a chosen handle. */
const LONG_NUDGE = 10
/** CSS pixels per press of an arrow key. */
const PAN_STEP = 60

const WAYS = {
  Left: { x: -1, y: 0 },
  Right: { x: 1, y: 0 },
  Up: { x: 0, y: -1 },
  Down: { x: 0, y: 1 }
}

interface Parts {
  viewport: ShallowRef<Viewport | undefined>
  bare: Ref<boolean>
  measuring: Measuring
  magnifier: ReturnType<typeof useMagnifier>
  labels: Readonly<Ref<{ focusComment(): void } | null>>
  answers: Readonly<Ref<{ tryValues(): void } | null>>
  context: Readonly<Ref<{ focus(): void; acceptSuggestion(): boolean } | null>>
}

/** Everything in the reading room by keyboard. */
export function useReadingKeys(parts: Parts): void {
  const { viewport, bare, labels, context, answers, measuring, magnifier } = parts
  const reading = useReading()
  const prediction = usePrediction()
  const notices = useNotices()
  const blinding = useBlinding()

  const go = (step: () => string | null) => {
    if (step() === null) notices.show('info', 'reading.endOfList')
  }
  const nudge = (x: number, y: number) =>
    viewport.value !== undefined && measuring.nudge(viewport.value.state, x, y)
  /** Moves a chosen handle one film pixel against the view's way, else the view. */
  const pan = (x: number, y: number) => () => {
    if (nudge(-x, -y)) return
    const step = PAN_STEP * window.devicePixelRatio
    viewport.value?.panBy(x * step, y * step)
  }
  const accept = async () => {
    if (!(await reading.accept())) notices.show('info', 'reading.nothingToAccept')
  }
  const acceptSuggestion = () => {
    if (!context.value?.acceptSuggestion()) notices.show('info', 'reading.noSuggestion')
  }

  const bindings: KeyBinding[] = [
    ...DIAGNOSES.map((diagnosis, index) => ({
      keys: String(index + 1),
      description: `diagnosis.${diagnosis}.name`,
      run: () => void reading.setLabel(diagnosis)
    })),
    { keys: 'Enter', description: 'reading.keys.accept', run: () => void accept() },
    { keys: 'U', description: 'reading.keys.unsure', run: () => void reading.toggleCertainty() },
    { keys: 'C', description: 'reading.keys.comment', run: () => labels.value?.focusComment() },
    {
      keys: 'Delete',
      description: 'measure.keys.remove',
      run: () => void (measuring.remove() || reading.removeLabel())
    },
    { keys: 'G', description: 'reading.keys.context', run: () => context.value?.focus() },
    { keys: 'W', description: 'explain.whatIf.key', run: () => answers.value?.tryValues() },
    { keys: 'Alt+A', description: 'reading.keys.suggestion', inFields: true, run: acceptSuggestion },
    { keys: 'B', description: 'reading.blind.hint', run: () => blinding.toggle() },
    { keys: ['N', 'Ctrl+ArrowRight'], description: 'reading.next', run: () => go(reading.next) },
    { keys: ['P', 'Ctrl+ArrowLeft'], description: 'reading.previous', run: () => go(reading.previous) },
    ...WINDOW_PRESETS.map((preset, index) => ({
      keys: preset === 'auto' ? [`Shift+${index + 1}`, '0'] : `Shift+${index + 1}`,
      description: `reading.preset.${preset}.hint`,
      run: () => viewport.value?.setPreset(preset)
    })),
    { keys: 'I', description: 'reading.tools.invert', run: () => viewport.value?.invert() },
    { keys: 'H', description: 'reading.tools.flip', run: () => viewport.value?.flip() },
    { keys: 'R', description: 'reading.tools.rotateHint', run: () => viewport.value?.rotate() },
    { keys: 'F', description: 'reading.tools.fitHint', run: () => viewport.value?.fit() },
    { keys: 'X', description: 'reading.tools.oneToOneHint', run: () => viewport.value?.oneToOne() },
    { keys: 'M', description: 'measure.keys.cycle', run: () => measuring.cycleTool() },
    {
      keys: 'J',
      description: 'measure.keys.next',
      run: () => reading.filmId && measuring.chooseNext(reading.filmId)
    },
    { keys: 'Z', description: 'measure.keys.magnifier', run: magnifier.press },
    { keys: 'O', description: 'reading.tools.overlayHint', run: () => prediction.toggleOverlay() },
    {
      keys: ['+', '='],
      description: 'reading.keys.zoomIn',
      repeat: true,
      run: () => viewport.value?.zoomBy(ZOOM_STEP)
    },
    {
      keys: '-',
      description: 'reading.keys.zoomOut',
      repeat: true,
      run: () => viewport.value?.zoomBy(1 / ZOOM_STEP)
    },
    { keys: 'ArrowLeft', description: 'reading.keys.panLeft', repeat: true, run: pan(1, 0) },
    { keys: 'ArrowRight', description: 'reading.keys.panRight', repeat: true, run: pan(-1, 0) },
    { keys: 'ArrowUp', description: 'reading.keys.panUp', repeat: true, run: pan(0, 1) },
    { keys: 'ArrowDown', description: 'reading.keys.panDown', repeat: true, run: pan(0, -1) },
    ...(['Left', 'Right', 'Up', 'Down'] as const).map(way => ({
      keys: `Shift+Arrow${way}`,
      description: `measure.keys.nudge${way}`,
      repeat: true,
      run: () => void nudge(WAYS[way].x * LONG_NUDGE, WAYS[way].y * LONG_NUDGE)
    })),
    { keys: 'Space', description: 'reading.keys.bare', run: () => (bare.value = !bare.value) },
    {
      keys: 'Escape',
      description: 'reading.keys.reset',
      run: () => {
        if (bare.value) bare.value = false
        else if (!measuring.cancel()) viewport.value?.reset()
      }
    }
  ]
  useKeys('reading', bindings)
}
