/*
 * ECharts, only the parts that are used. Drawn on a canvas, tooltips too: the page's policy allows no inline styles.
 * Series that stand side by side have patterns beside their colours.
 */
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface Series {
  name: string
  values: (number | null)[]
  kind: 'bar' | 'line'
  colour: string
}
export interface ChartData {
  names: string[]
  series: Series[]
  /* Long names read better beside lying bars. */
  lying?: boolean
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
function axes(data: ChartData, ink: string, line: string) {
  const names = {
    type: 'category' as const,
    data: data.names,
    inverse: data.lying,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: { color: ink, fontSize: 12, ...(data.lying ? { width: 150, overflow: 'truncate' as const } : {}) }
  }
  const values = {
    type: 'value' as const,
    minInterval: 1,
    axisLabel: { color: ink, fontSize: 12 },
    splitLine: { lineStyle: { color: line } }
  }
  return data.lying ? { xAxis: values, yAxis: names } : { xAxis: names, yAxis: values }
}
export function options(data: ChartData) {
  const ink = token('--ink-2')
  const line = token('--line')
  const font = getComputedStyle(document.body).fontFamily
  return {
    animation: false,
    textStyle: { fontFamily: font },
    aria: { enabled: true, decal: { show: data.series.length > 1 && !data.lying } },
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, left: 0, itemWidth: 18, textStyle: { color: ink } },
    tooltip: {
      trigger: 'axis' as const,
      renderMode: 'richText' as const,
      confine: true,
      borderColor: line,
      textStyle: { color: token('--ink'), fontSize: 12, fontFamily: font },
      axisPointer: { type: 'shadow' as const }
    },
    ...axes(data, ink, line),
    series: data.series.map((one) => ({
      name: one.name,
      type: one.kind,
      data: one.values,
      barMaxWidth: data.lying ? 16 : 22,
      symbolSize: 7,
      lineStyle: { width: 2 },
      itemStyle: { color: token(one.colour), borderRadius: data.lying ? [0, 2, 2, 0] : [2, 2, 0, 0] }
    }))
  }
}
export function draw(element: HTMLElement, data: ChartData, chart: ECharts | null): ECharts {
  const made = chart ?? init(element, null, { renderer: 'canvas' })
  made.setOption(options(data), { notMerge: true })
  return made
}
