// Holds JSON documents to a JSON Schema: `node validate.js SCHEMA DOCUMENT…`.
import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'

const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const [schema, ...documents] = process.argv.slice(2)
// A schema that says something that means nothing is refused, too.
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(read(schema))
for (const path of documents) {
  if (!validate(read(path))) {
    console.error(path, validate.errors)
    process.exitCode = 1
  }
}
