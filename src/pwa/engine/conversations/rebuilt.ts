/** After a log was rebuilt: what this device wrote above its end goes back to the outbox, the rest loses its position. */
import type { ChannelId, DeviceId } from "../../bridge/models.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { NO_CONTEXT, saidFrom } from "./contents.js"
import type { StoredMessage } from "./message.js"
import { pendingName, type Pending } from "./pending.js"

export async function takeBack(
  store: Store,
  channel: ChannelId,
  above: number,
  device: DeviceId,
): Promise<{ readonly writes: readonly Write[]; readonly lost: readonly Pending[] }> {
  const writes: Write[] = []
  const lost: Pending[] = []
  for (const stored of await store.messages<StoredMessage>(channel, above, Infinity)) {
    if (stored.offset === null || stored.offset <= above) continue
    const pending = stored.device === device ? pendingFrom(stored) : null
    if (pending === null) {
      // Its author offers it again; until then it keeps its place here and has none in the log.
      writes.push(await store.putMessage(channel, stored.name, stored.place, { ...stored, offset: null }))
    } else {
      lost.push(pending)
      // What others have said about it stays, for when the log shows it back.
      const absent = { ...stored, offset: null, content: { kind: "absent" } as const, original: null }
      const { about } = stored
      if (about === undefined) writes.push(...(await store.removeMessages([stored.name])))
      else writes.push(await store.putMessage(channel, stored.name, stored.place, absent))
      writes.push(await store.put("outbox", pendingName(channel, stored.envelope), pending))
    }
  }
  return { writes, lost }
}

/** With the same bytes: the same envelope, wherever it comes to stand. Before everything written since. */
function pendingFrom(stored: StoredMessage): Pending | null {
  const { channel, envelope, device, content, context = NO_CONTEXT, original, sentAtMs } = stored
  const said = saidFrom(content, context)
  if (said === null || original === null) return null
  return {
    channel,
    envelope,
    device,
    said,
    counter: 0,
    writtenAtMs: sentAtMs,
    original: { header: original.header, sealed: original.sealed },
    accepted: null,
    failure: null,
  }
}
