import type { Professional } from "../../bridge/models.js"
import { initials, tintOf } from "../directory/names.js"
import { IconView } from "./IconView.js"

type Size = "small" | "medium" | "large"
const classOf = (size: Size) => (size === "medium" ? "avatar" : `avatar avatar-${size}`)

/** Initials on the tint of the profession. Decoration: the name stands beside it. */
export function AvatarView({ professional, size = "medium" }: { readonly professional: Professional; readonly size?: Size }) {
  return (
    <span class={`${classOf(size)} tint-${tintOf(professional.professionCode)}`} aria-hidden="true">
      {initials(professional)}
    </span>
  )
}

/** The picture that the group chose, or a sign. Decoration: the name stands beside it. */
export function GroupAvatarView({ size = "medium", picture = null }: { readonly size?: Size; readonly picture?: string | null }) {
  if (picture !== null) return <img class={classOf(size)} src={picture} alt="" />
  return (
    <span class={`${classOf(size)} tint-0`} aria-hidden="true">
      <IconView name="group" />
    </span>
  )
}
