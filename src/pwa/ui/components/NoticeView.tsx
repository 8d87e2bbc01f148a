import type { IconName } from "./icons.js"
import { IconView } from "./IconView.js"

type Tone = "urgent" | "attention" | "good"
const iconOf: Readonly<Record<Tone, IconName>> = { urgent: "alert", attention: "warning", good: "check" }

/** A sentence about what just happened. It is announced when it appears. */
export function NoticeView({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <div class={`notice notice-${tone}`} role={tone === "good" ? "status" : "alert"}>
      <IconView name={iconOf[tone]} />
      <p>{text}</p>
    </div>
  )
}
