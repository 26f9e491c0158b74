import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin } from 'vite'

const outDir = resolve(process.env.LIANDONG_WEB_OUT ?? 'dist')

/* The server sends these instead of compressing at each request. */
function compress(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) compress(path)
    else if (/\.(js|css|html|svg)$/.test(name)) {
      const data = readFileSync(path)
      writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }))
      writeFileSync(`${path}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
    }
  }
}
const precompressed: Plugin = { name: 'precompressed', apply: 'build', closeBundle: () => compress(outDir) }

/*
 * Two builds into one folder: the staff's page first, then ("--mode portal") the public's, so that
 * the public's phone does not load what only the staff's page needs.
 */
export default defineConfig(({ mode }) => {
  const portal = mode === 'portal'
  const staffOnly = Components({ dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] })
  return {
    plugins: portal ? [vue(), precompressed] : [vue(), staffOnly],
    define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
    build: {
      outDir,
      emptyOutDir: !portal,
      target: ['chrome87', 'firefox78', 'safari14'],
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 900,
      rollupOptions: { input: resolve(portal ? 'portal.html' : 'index.html') }
    },
    server: { proxy: { '/api': 'http://127.0.0.1:8080' } }
  }
})
