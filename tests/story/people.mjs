/*
 * Speaks the programming interface for all persons of a story: one session for each account that is named. A session
 * that has ended is renewed, for the clock of a story leaps over days.
 */
export class People {
  constructor(server) {
    this.server = server
    this.visitor = server.visitor()
    this.signedIn = new Map()
  }

  async clientOf(login) {
    if (login === null) return this.visitor
    if (!this.signedIn.has(login)) this.signedIn.set(login, await this.server.as(login))
    return this.signedIn.get(login)
  }

  /* As the account `login`; null: without a session. */
  async as(login, method, path, { headers = {}, json, form } = {}) {
    const type = json === undefined ? {} : { 'Content-Type': 'application/json' }
    const options = { headers: { ...type, ...headers }, body: form ?? (json && JSON.stringify(json)) }
    for (let tries = 0; ; tries++) {
      const reply = await (await this.clientOf(login)).call(method, `/api/v1${path}`, options)
      if (reply.status !== 401 || login === null || tries > 0) return { ...reply, body: reply.json ?? null }
      this.signedIn.delete(login)
    }
  }

  /* Who works on no cases is turned away at the door of every one, before it is asked whether there is such a case. */
  async isTurnedAway(login) {
    return login !== null && (await this.as(login, 'GET', '/matters?limit=1')).status === 403
  }
}
