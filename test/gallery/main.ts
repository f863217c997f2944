import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css'
import '../../src/renderer/styles/tokens.css'
import '../../src/renderer/styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { i18n, setLocale } from '../../src/renderer/app/i18n'
import GalleryPage from './GalleryPage.vue'
import { showPseudoStates } from './pseudo-states'

await setLocale(new URLSearchParams(window.location.search).get('locale') === 'ko' ? 'ko' : 'en')
createApp(GalleryPage).use(createPinia()).use(i18n).mount('#app')
showPseudoStates()
