import type { Message } from "../../bridge/models.js"
import { useMediaDesk } from "./mediaDesk.js"
import { MediaView } from "./MediaView.js"

/** The photographs, files or voice of a bubble, if it has any. */
export function BubbleMediaView({ message }: { readonly message: Message }) {
  const desk = useMediaDesk()
  if (desk === null || message.content.kind !== "media") return null
  return <MediaView place={{ engine: desk.engine, channel: desk.channel, message }} onOpen={(item) => desk.open(message, item)} />
}
