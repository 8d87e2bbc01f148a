import type { ComponentChildren } from "preact"
import type { IconName } from "./icons.js"
import { IconView } from "./IconView.js"

type Props = { readonly icon: IconName; readonly title?: string; readonly text: string; readonly children?: ComponentChildren }

/** What a list shows when it has nothing: what to do first. */
export function EmptyView({ icon, title, text, children }: Props) {
  return (
    <div class="empty">
      <IconView name={icon} />
      {title !== undefined && <h2>{title}</h2>}
      <p>{text}</p>
      {children}
    </div>
  )
}
