import 'element-plus/es/components/message/style/css'
import '../styles/tokens.css'
import '../styles/shared.css'
import '../styles/app.css'
import '../styles/small.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'

createApp(App).use(createPinia()).use(router).mount('#app')
