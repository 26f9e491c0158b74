import '../styles/tokens.css'
import '../styles/shared.css'
import '../styles/portal.css'
import { createApp } from 'vue'
import PortalApp from './PortalApp.vue'

createApp(PortalApp).mount('#app')
