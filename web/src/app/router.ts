import { nextTick } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import { ApiError, onSignedOut } from '../api/client'
import { useOffice } from './store'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/app/workbench' },
    { path: '/sign-in', component: () => import('../views/SignIn.vue'), meta: { open: true } },
    {
      path: '/app',
      component: () => import('./Layout.vue'),
      children: [
        { path: '', redirect: '/app/workbench' },
        { path: 'workbench', component: () => import('../views/WorkbenchPage.vue') },
        { path: 'matters', component: () => import('../views/ListPage.vue') },
        { path: 'matters/:id', component: () => import('../views/MatterPage.vue') },
        { path: 'messages', component: () => import('../views/MessagesPage.vue') },
        { path: 'figures', component: () => import('../views/FiguresPage.vue') },
        { path: 'appraisal', component: () => import('../views/AppraisalPage.vue') },
        { path: 'calculator', component: () => import('../views/CalculatorPage.vue') },
        { path: 'rulebook', component: () => import('../views/RulebookPage.vue') }
      ]
    },
    { path: '/:rest(.*)*', component: () => import('../views/NotFound.vue'), meta: { open: true } }
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 })
})

function signInPlace(fullPath: string) {
  return { path: '/sign-in', query: fullPath === '/app/workbench' ? {} : { next: fullPath } }
}

router.beforeEach(async (to) => {
  const office = useOffice()
  if (to.meta.open) return true
  if (!office.mayBeSignedIn()) return signInPlace(to.fullPath)
  try {
    await office.restore()
    return true
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) office.forget()
    return signInPlace(to.fullPath)
  }
})

/* A keyboard or screen reader begins at the new page's content, not at the link that was left. */
router.afterEach((to, from) => {
  if (from.matched.length === 0 || to.path === from.path) return
  void nextTick(() => document.getElementById('content')?.focus({ preventScroll: true }))
})

onSignedOut(() => {
  useOffice().forget()
  void router.push(signInPlace(router.currentRoute.value.fullPath))
})
