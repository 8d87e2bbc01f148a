/** An archive from the engine to the downloads of this device, piece by piece. */
import type { Engine } from "../../bridge/channel.js"
import type { TakeawayWords } from "../../bridge/commands/account.js"

/** Long enough for the slowest browser to have begun its own copy. */
const releaseMs = 60_000

/** Throws EngineFailure. `onProgress` is told the bytes that are ready. */
export async function archiveOf(engine: Engine, words: TakeawayWords, onProgress: (bytes: number) => void): Promise<void> {
  await engine.ask("takeawayBegin", { words })
  // A Blob of Blobs: browsers keep them on the disk, not in memory.
  const pieces: Blob[] = []
  let bytes = 0
  for (;;) {
    const { piece } = await engine.ask("takeawayNext", null)
    if (piece === null) break
    pieces.push(new Blob([piece]))
    bytes += piece.length
    onProgress(bytes)
  }
  const url = URL.createObjectURL(new Blob(pieces, { type: "application/zip" }))
  const link = document.createElement("a")
  link.href = url
  link.download = "lien.zip"
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), releaseMs)
}
