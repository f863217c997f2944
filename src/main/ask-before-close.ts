import { app, dialog, type BrowserWindow } from 'electron'

/** The main process has no other words of its own; the screens' language is theirs to know. */
const WORDS = {
  en: {
    message: 'Changes that could not be saved yet would be lost.',
    detail:
      'Stay, and save them again once what stood in the way is gone. Research use only. Not for diagnosis.',
    buttons: ['Stay', 'Close and lose them']
  },
  ko: {
    message: '아직 저장하지 못한 변경 사항이 사라집니다.',
    detail: '머물러서 문제를 해결한 뒤 다시 저장하세요. 연구용입니다. 진단용이 아닙니다.',
    buttons: ['머무르기', '버리고 닫기']
  }
}

/** Where the page asks not to be closed, as it does while changes wait to be saved, asks the reader; else nothing would happen. */
export function askBeforeClose(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', event => {
    const words = app.getLocale().startsWith('ko') ? WORDS.ko : WORDS.en
    const chosen = dialog.showMessageBoxSync(window, { type: 'warning', defaultId: 0, cancelId: 0, ...words })
    if (chosen === 1) event.preventDefault()
  })
}
