// The panel's calls against the API's own description.
import { called, check, expect, panel } from './harness.mjs'

/** Calls that the panel makes in vain until the server has them; it does without their answers. */
const NOT_THERE_YET = ['GET /api/proxy/image']

export async function contract() {
  await check('every call of the panel stands in the description of the API', async () => {
    const { paths } = await (await fetch(`${panel}/api/openapi.json`)).json()
    const known = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => {
        const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')
        return new RegExp(`^${method.toUpperCase()} ${pattern}$`)
      }),
    )
    const unknown = [...called].filter(
      (call) => !NOT_THERE_YET.includes(call) && !known.some((pattern) => pattern.test(call)),
    )
    expect(called.size > 10, `only ${called.size} different calls were seen`)
    expect(unknown.length === 0, `not described: ${unknown.join(', ')}`)
  })
}
