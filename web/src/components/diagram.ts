/* Where the states of a procedure stand in its diagram, and how its steps run between them. */
import type { Procedure, State } from '../api/types'
import { layered, type Layered, type Node, type Route } from './layers'

export const BOX = { width: 164, height: 62 }
const GAP = { x: 22, y: 38 }
const EDGE = 12

export interface Place {
  state: State
  x: number
  y: number
}
export interface Edge {
  key: string
  from: string
  to: string
  path: string
}
export interface Diagram {
  width: number
  height: number
  places: Place[]
  edges: Edge[]
}

function edgesOf(procedure: Procedure): [string, string][] {
  const found = new Map<string, [string, string]>()
  for (const { from, to } of procedure.actions) {
    for (const code of from) if (to && to !== code) found.set(`${code}>${to}`, [code, to])
  }
  return [...found.values()]
}
/* States in the order in which one comes to them, so that the first ones lead. */
function idsOf(procedure: Procedure): string[] {
  const starts = procedure.actions.filter((a) => a.starts && a.to).map((a) => a.to!)
  return [...new Set([...starts, ...procedure.states.map((s) => s.code)])]
}

const top = (node: Node): number => EDGE + node.layer * (BOX.height + GAP.y)

/* Several edges at one side of a box leave it side by side, in the order of where they go. */
function ports(made: Layered, side: 'below' | 'above'): Map<string, number> {
  const ends = new Map<string, { key: string; to: number }[]>()
  made.routes.forEach((route, i) => {
    const way = side === 'below' ? route.way : [...route.way].reverse()
    const next = made.nodes.get(way[1])!
    ends.set(way[0], [...(ends.get(way[0]) ?? []), { key: String(i), to: next.x + next.width / 2 }])
  })
  const at = new Map<string, number>()
  for (const [id, list] of ends) {
    const node = made.nodes.get(id)!
    const step = Math.min(22, (node.width - 24) / Math.max(1, list.length))
    list.sort((a, b) => a.to - b.to)
    list.forEach(({ key }, k) => at.set(key, node.x + node.width / 2 + (k - (list.length - 1) / 2) * step))
  }
  return at
}
function pathOf(route: Route, made: Layered, leave: number, arrive: number): string {
  const points = route.way.map((id, i): [number, number] => {
    const node = made.nodes.get(id)!
    if (i === 0) return [leave, top(node) + BOX.height + (route.turned ? 3 : 0)]
    if (i === route.way.length - 1) return [arrive, top(node) - (route.turned ? 0 : 3)]
    return [node.x + node.width / 2, top(node) + BOX.height / 2]
  })
  if (route.turned) points.reverse()
  return points
    .map(([x, y], i) => {
      if (i === 0) return `M${x + EDGE} ${y}`
      const [x0, y0] = points[i - 1]
      const bend = (y - y0) / 2
      return `C${x0 + EDGE} ${y0 + bend} ${x + EDGE} ${y - bend} ${x + EDGE} ${y}`
    })
    .join(' ')
}

export function diagramOf(procedure: Procedure): Diagram {
  const made = layered(idsOf(procedure), edgesOf(procedure), BOX.width, GAP.x)
  const below = ports(made, 'below')
  const above = ports(made, 'above')
  const places = procedure.states.map((state) => {
    const node = made.nodes.get(state.code)!
    return { state, x: node.x + EDGE, y: top(node) }
  })
  const right = Math.max(...[...made.nodes.values()].map((n) => n.x + n.width))
  return {
    width: right + 2 * EDGE,
    height: Math.max(...places.map((p) => p.y)) + BOX.height + EDGE,
    places,
    edges: made.routes.map((route, i) => ({
      key: `${route.from}>${route.to}`,
      from: route.from,
      to: route.to,
      path: pathOf(route, made, below.get(String(i))!, above.get(String(i))!)
    }))
  }
}
