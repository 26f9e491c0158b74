/*
 * A drawing of a graph from top to bottom in layers (after Sugiyama): edges that lead back are turned, each node stands
 * below all that lead to it, long edges get a way of their own between the nodes, and the order in each layer follows
 * the neighbours, so that few edges cross. Small and without chance: the same procedure is always drawn the same.
 */
export interface Node {
  id: string
  layer: number
  x: number
  width: number
  real: boolean
}
export interface Route {
  from: string
  to: string
  /* The ids from the upper to the lower end; `turned` if the edge itself leads up. */
  way: string[]
  turned: boolean
}
export interface Layered {
  nodes: Map<string, Node>
  layers: Node[][]
  routes: Route[]
}

const SWEEPS = 8
const BEND_WIDTH = 14

function turnedEdges(ids: string[], edges: [string, string][]): Set<string> {
  const turned = new Set<string>()
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string): void => {
    state.set(id, 'open')
    for (const [from, to] of edges) {
      if (from !== id) continue
      if (state.get(to) === 'open') turned.add(`${from}>${to}`)
      else if (!state.has(to)) visit(to)
    }
    state.set(id, 'done')
  }
  for (const id of ids) if (!state.has(id)) visit(id)
  return turned
}

function layersOf(ids: string[], down: [string, string][]): Map<string, number> {
  const layer = new Map(ids.map((id) => [id, 0]))
  /* No way is longer than there are nodes: after that many rounds nothing moves any more. */
  for (let round = 0; round < ids.length; round++) {
    for (const [from, to] of down) layer.set(to, Math.max(layer.get(to)!, layer.get(from)! + 1))
  }
  return layer
}

function reorder(layers: Node[][], beside: Map<string, string[]>): void {
  const place = new Map<string, number>()
  const count = (layer: Node[]): void => layer.forEach((n, i) => place.set(n.id, (i + 0.5) / layer.length))
  layers.forEach(count)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 ? [...layers].reverse() : layers) {
      const mean = (n: Node): number => {
        const near = beside.get(n.id) ?? []
        return near.length ? near.reduce((sum, id) => sum + place.get(id)!, 0) / near.length : place.get(n.id)!
      }
      const means = new Map(layer.map((n) => [n.id, mean(n)]))
      layer.sort((a, b) => means.get(a.id)! - means.get(b.id)!)
      count(layer)
    }
  }
}

/* Each node goes towards the middle of its neighbours, as far as those beside it leave room. */
function settle(layers: Node[][], beside: Map<string, string[]>, nodes: Map<string, Node>, gap: number): void {
  const middle = (n: Node): number => n.x + n.width / 2
  for (const layer of layers) layer.reduce((x, n) => ((n.x = x), x + n.width + gap), 0)
  for (let sweep = 0; sweep < SWEEPS * 2; sweep++) {
    for (const layer of sweep % 2 ? [...layers].reverse() : layers) {
      const wanted = layer.map((n) => {
        const near = beside.get(n.id) ?? []
        return near.length ? near.reduce((sum, id) => sum + middle(nodes.get(id)!), 0) / near.length - n.width / 2 : n.x
      })
      const left = [...wanted]
      for (let i = 1; i < layer.length; i++) left[i] = Math.max(left[i], left[i - 1] + layer[i - 1].width + gap)
      const right = [...wanted]
      for (let i = layer.length - 2; i >= 0; i--) right[i] = Math.min(right[i], right[i + 1] - layer[i].width - gap)
      layer.forEach((n, i) => (n.x = (left[i] + right[i]) / 2))
      for (let i = 1; i < layer.length; i++) {
        layer[i].x = Math.max(layer[i].x, layer[i - 1].x + layer[i - 1].width + gap)
      }
    }
  }
  const least = Math.min(...[...nodes.values()].map((n) => n.x))
  for (const n of nodes.values()) n.x -= least
}

export function layered(ids: string[], edges: [string, string][], width: number, gap: number): Layered {
  const turned = turnedEdges(ids, edges)
  const isTurned = (from: string, to: string): boolean => turned.has(`${from}>${to}`)
  const down = edges.map(([from, to]): [string, string] => (isTurned(from, to) ? [to, from] : [from, to]))
  const layer = layersOf(ids, down)
  const nodes = new Map<string, Node>()
  for (const id of ids) nodes.set(id, { id, layer: layer.get(id)!, x: 0, width, real: true })
  const beside = new Map<string, string[]>()
  const meet = (a: string, b: string): void => {
    beside.set(a, [...(beside.get(a) ?? []), b])
    beside.set(b, [...(beside.get(b) ?? []), a])
  }
  const routes = edges.map(([from, to], i): Route => {
    const [upper, lower] = down[i]
    const way = [upper]
    for (let at = layer.get(upper)! + 1; at < layer.get(lower)!; at++) {
      const id = `${from}>${to}@${at}`
      nodes.set(id, { id, layer: at, x: 0, width: BEND_WIDTH, real: false })
      way.push(id)
    }
    way.push(lower)
    for (let k = 1; k < way.length; k++) meet(way[k - 1], way[k])
    return { from, to, way, turned: isTurned(from, to) }
  })
  const layers: Node[][] = []
  for (const n of nodes.values()) (layers[n.layer] ??= []).push(n)
  reorder(layers, beside)
  settle(layers, beside, nodes, gap)
  return { nodes, layers, routes }
}
