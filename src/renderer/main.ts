import './no-eval'
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css'
import './styles/tokens.css'
import './styles/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './app/App.vue'
import { i18n, preferredLocale, setLocale } from './app/i18n'
import { router } from './app/router'

await setLocale(preferredLocale())
createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
