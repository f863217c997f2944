import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { IconName } from '../../../components'
import type { ActionId } from '../../../composables/keys'
import { LAYOUTS, useHanging, type Layout } from '../../../stores/hanging'
import { useLungOverlay } from '../../../stores/lung-overlay'
import { usePrediction } from '../../../stores/prediction'
import { WINDOW_PRESETS, type Viewport, type ViewportState, type WindowPreset } from '../../../viewport'
import type { Flicker } from '../hanging/use-flicker'
import type { useMagnifier } from '../measuring/use-magnifier'
import { MEASURING_TOOLS, type Measuring } from '../measuring/use-measuring'

/** Something that can be done to the picture: a button in the toolbar or, where that is too narrow, in its menu. */
export interface FilmTool {
  id: string
  /** What it is called, on the button itself where it has no icon. */
  name: string
  /** More about it, for the tooltip. */
  hint?: string
  icon?: IconName
  action?: ActionId
  /** Of a switch. */
  pressed?: boolean
  disabled: boolean
  run(): void
}

export interface FilmToolGroup {
  id: 'window' | 'turn' | 'size' | 'measure' | 'overlay' | 'hang'
  label: string
  tools: FilmTool[]
}

export interface FilmToolTargets {
  /** Of the active pane. */
  viewport: Viewport
  state: ViewportState
  flicker: Flicker
  measuring: Measuring
  magnifier: ReturnType<typeof useMagnifier>
}

const LAYOUT_ICONS: Record<Layout, IconName> = { '1': 'onePane', '1x2': 'twoPanes', '2x2': 'fourPanes' }

/** Every picture tool, in the order in which it leaves a toolbar that becomes too narrow: the last group first. */
export function useFilmTools(targets: FilmToolTargets): ComputedRef<FilmToolGroup[]> {
  const { t } = useI18n()
  const hanging = useHanging()
  const lungs = useLungOverlay()
  const prediction = usePrediction()

  /** 'As sent' also says which of the file's transforms it shows, where there are several. */
  function presetName(preset: WindowPreset): string {
    const name = t(`reading.preset.${preset}.name`)
    const sent = targets.state.film?.header.voi.length ?? 0
    return preset === 'as-sent' && sent > 1 ? `${name} ${targets.state.sentIndex + 1}/${sent}` : name
  }

  const windows = (): FilmTool[] =>
    WINDOW_PRESETS.map(preset => ({
      id: preset,
      name: presetName(preset),
      hint: t(`reading.preset.${preset}.hint`),
      action: `reading.window-${preset}` as const,
      pressed: targets.state.preset === preset,
      disabled: !targets.state.film,
      run: () => targets.viewport.setPreset(preset)
    }))

  const turning = (): FilmTool[] => {
    const { viewport, state } = targets
    const disabled = !state.film
    return [
      {
        id: 'invert',
        name: t('reading.tools.invert'),
        icon: 'invert',
        action: 'reading.invert',
        pressed: state.display?.inverted ?? false,
        disabled,
        run: () => viewport.invert()
      },
      {
        id: 'flip',
        name: t('reading.tools.flip'),
        icon: 'mirror',
        action: 'reading.flip',
        pressed: state.view.flipped,
        disabled,
        run: () => viewport.flip()
      },
      {
        id: 'rotate',
        name: t('reading.tools.rotate'),
        hint: t('reading.tools.rotateHint'),
        icon: 'rotate',
        action: 'reading.rotate',
        disabled,
        run: () => viewport.rotate()
      }
    ]
  }

  const sizes = (): FilmTool[] => {
    const { viewport, state } = targets
    const disabled = !state.film
    return [
      {
        id: 'fit',
        name: t('reading.tools.fit'),
        hint: t('reading.tools.fitHint'),
        icon: 'fit',
        action: 'reading.fit',
        pressed: state.view.fit,
        disabled,
        run: () => viewport.fit()
      },
      {
        id: 'oneToOne',
        name: '1:1',
        hint: t('reading.tools.oneToOneHint'),
        action: 'reading.oneToOne',
        pressed: state.view.zoom === 1,
        disabled,
        run: () => viewport.oneToOne()
      },
      {
        id: 'nearest',
        name: t('reading.tools.nearest'),
        hint: t('reading.tools.nearestHint'),
        icon: 'pixels',
        action: 'reading.nearest',
        pressed: state.nearest,
        disabled,
        run: () => viewport.toggleNearest()
      }
    ]
  }

  const measures = (): FilmTool[] => [
    ...MEASURING_TOOLS.map(kind => ({
      id: kind,
      name: t(`measure.tool.${kind}.name`),
      hint: t(`measure.tool.${kind}.how`),
      icon: kind,
      action: 'reading.measure' as const,
      pressed: targets.measuring.tool.value === kind,
      disabled: !targets.state.film,
      run: () => targets.measuring.toggleTool(kind)
    })),
    {
      id: 'magnifier',
      name: t('measure.magnifier'),
      hint: t('measure.keys.magnifier'),
      icon: 'magnifier',
      action: 'reading.magnifier',
      pressed: targets.magnifier.on.value,
      disabled: !targets.state.film,
      run: () => targets.magnifier.toggle()
    }
  ]

  const overlays = (): FilmTool[] => [
    {
      id: 'activation',
      name: t('reading.tools.overlay'),
      hint: t('reading.tools.overlayHint'),
      icon: 'activation',
      action: 'reading.overlay',
      pressed: prediction.overlayShown,
      disabled: !targets.state.film,
      run: () => prediction.toggleOverlay()
    },
    {
      id: 'lungs',
      name: t('lungs.name'),
      hint: t('lungs.hint'),
      icon: 'lungs',
      action: 'reading.lungs',
      pressed: lungs.shown,
      disabled: !targets.state.film,
      run: () => lungs.toggle()
    }
  ]

  const hangings = (): FilmTool[] => [
    ...LAYOUTS.map(layout => ({
      id: `layout-${layout}`,
      name: t(`reading.hang.layout.${layout}`),
      icon: LAYOUT_ICONS[layout],
      action: 'reading.layout' as const,
      pressed: hanging.layout === layout,
      disabled: false,
      run: () => hanging.setLayout(layout)
    })),
    {
      id: 'linkView',
      name: t('reading.hang.linkView'),
      hint: t('reading.hang.linkViewHint'),
      icon: 'linkedView',
      action: 'reading.linkView',
      pressed: hanging.viewLinked && hanging.paneCount > 1,
      disabled: hanging.paneCount === 1,
      run: () => (hanging.viewLinked = !hanging.viewLinked)
    },
    {
      id: 'linkWindow',
      name: t('reading.hang.linkWindow'),
      hint: t('reading.hang.linkWindowHint'),
      icon: 'linkedWindow',
      action: 'reading.linkWindow',
      pressed: hanging.windowLinked && hanging.paneCount > 1,
      disabled: hanging.paneCount === 1,
      run: () => (hanging.windowLinked = !hanging.windowLinked)
    },
    {
      id: 'flicker',
      name: t('reading.flicker.name'),
      hint: t('reading.flicker.hint'),
      icon: 'flicker',
      action: 'reading.flicker',
      pressed: targets.flicker.otherShown.value !== null,
      disabled: false,
      run: () => void targets.flicker.swap()
    }
  ]

  return computed(() => [
    { id: 'window', label: t('reading.preset.label'), tools: windows() },
    { id: 'turn', label: t('reading.tools.turning'), tools: turning() },
    { id: 'size', label: t('reading.tools.size'), tools: sizes() },
    { id: 'overlay', label: t('reading.tools.overlays'), tools: overlays() },
    { id: 'measure', label: t('measure.label'), tools: measures() },
    { id: 'hang', label: t('reading.hang.label'), tools: hangings() }
  ])
}
