import { iconPaths, type IconName } from "./icons.js"

/** Decoration beside a word: its meaning is always said in text or in the label of what holds it. */
export function IconView({ name, small = false }: { readonly name: IconName; readonly small?: boolean }) {
  return (
    <svg class={small ? "icon icon-small" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {/* One element, whatever the shape is made of: icons are in every line of every list. */}
      <path d={`M0 0${iconPaths[name].join("M0 0")}`} />
    </svg>
  )
}
