// Compiles slips.typ with Typst in one cold process: node typst.mjs FOLDER FONTS OUT.pdf
// FOLDER holds families.json, the icons, and node_modules with the compiler.
import { copyFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [folder, fonts, out] = process.argv.slice(2).map((p) => resolve(p))
const { NodeCompiler } = createRequire(join(folder, 'x.js'))('@myriaddreamin/typst-ts-node-compiler')
copyFileSync(new URL('slips.typ', import.meta.url), join(folder, 'slips.typ'))
const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: [fonts] }] })
const result = compiler.compile({ mainFilePath: join(folder, 'slips.typ') })
if (!result.result) {
  result.printDiagnostics()
  process.exit(1)
}
writeFileSync(out, compiler.pdf(result.result))
