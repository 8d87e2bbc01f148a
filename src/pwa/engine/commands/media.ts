/** Commands about photographs, files and voices: each one line or a few, the work is elsewhere. */
import type { MediaCommands } from "../../bridge/commands/media.js"
import type { CommandsOf } from "./command.js"

export const media: CommandsOf<MediaCommands> = {
  async sendMedia(engine, { channel, items, ...said }) {
    engine.touch()
    await engine.desk.conversations.views.loadNewest(channel)
    const opened = items.map(({ content, thumbnail, waveform, ...item }) => ({
      ...item,
      content: new Uint8Array(content),
      thumbnail: new Uint8Array(thumbnail),
      waveform: new Uint8Array(waveform),
    }))
    return { envelope: await engine.desk.library.send(channel, opened, { ...said, isForwarded: false }) }
  },

  mediaLimit(engine) {
    return Promise.resolve({ bytes: engine.desk.library.limitBytes })
  },

  async thumbnail(engine, { channel, target, index }) {
    const { thumbnail } = await engine.desk.library.find(channel, target, index)
    return { thumbnail: thumbnail.length === 0 ? null : new Uint8Array(thumbnail) }
  },

  async openMedia(engine, { channel, target, index }) {
    engine.touch()
    const { library } = engine.desk
    return { content: await library.open(await library.find(channel, target, index)) }
  },

  async releaseMedia(engine, { channel, target, index }) {
    engine.touch()
    const { library } = engine.desk
    return { content: await library.release(await library.find(channel, target, index)) }
  },
}
