/** An archive from the engine, piece by piece. */
import type { Engine } from "../../bridge/channel.js"
import type { TakeawayWords } from "../../bridge/commands/account.js"

/** Its pieces. Throws EngineFailure. `onProgress` is told the bytes that are ready. */
export async function archiveOf(engine: Engine, words: TakeawayWords, onProgress: (bytes: number) => void): Promise<readonly Blob[]> {
  await engine.ask("takeawayBegin", { words })
  // A Blob of Blobs: browsers keep them on the disk, not in memory.
  const pieces: Blob[] = []
  let bytes = 0
  for (;;) {
    const { piece } = await engine.ask("takeawayNext", null)
    if (piece === null) return pieces
    pieces.push(new Blob([piece]))
    bytes += piece.length
    onProgress(bytes)
  }
}
