const rows = [0, 1, 2, 3, 4, 5] as const

/** Keeps the layout of a list of rows while it loads. */
export function SkeletonRowsView({ label }: { readonly label: string }) {
  return (
    <div role="status" aria-label={label}>
      {rows.map((row) => (
        <div class="row" key={row} aria-hidden="true">
          <span class="avatar skeleton" />
          <span class="row-body">
            <span class="skeleton skeleton-title" />
            <span class="skeleton skeleton-line" />
          </span>
        </div>
      ))}
    </div>
  )
}
