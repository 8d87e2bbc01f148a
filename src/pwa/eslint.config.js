import { defineConfig } from "eslint/config"
import tseslint from "typescript-eslint"

const projects = ["protocol", "bridge", "engine", "ui", "sw", "test"].map((name) => `./tsconfig.${name}.json`)

export default defineConfig(
  { ignores: ["node_modules", ".build", "eslint.config.js"] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "Named exports only." }],
      "no-console": "error",
    },
  },
  {
    files: ["**/*.test.ts", "**/*.test.tsx"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  { files: ["vite.config.ts", "scenarios/vitest.config.ts", "scenarios/phone.vite.ts"], rules: { "no-restricted-syntax": "off" } },
)
