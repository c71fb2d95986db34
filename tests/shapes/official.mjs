// Reads Stripe's official shapes out of the type definitions of its SDK for Node.
//
// It goes by the types as they are written, not as the compiler understands them: to the compiler
// `'' | string` is just `string`, and what can be emptied would be lost.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The shapes of the `stripe` package that is installed beside the `roots.ts` of a folder. */
export function officialShapes(folder) {
  const roots = join(folder, 'roots.ts');
  const program = ts.createProgram([roots], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    // `Array` is known by its name, and nothing else of the library is needed.
    noLib: true,
    types: [],
  });
  const file = program.getSourceFile(roots);
  const read = (name, nullMeans) => {
    const isIt = (node) => ts.isInterfaceDeclaration(node) && node.name.text === name;
    const reader = new Reader(program.getTypeChecker(), nullMeans);
    return reader.all(file.statements.filter(isIt));
  };
  return {
    about: about(join(folder, 'node_modules', 'stripe')),
    objects: read('Objects', 'nullable'),
    // A form has no null: the SDK sends the empty text for it.
    requests: read('Requests', 'emptyable'),
  };
}

function about(stripe) {
  const { version } = JSON.parse(readFileSync(join(stripe, 'package.json'), 'utf8'));
  const source = readFileSync(join(stripe, 'esm', 'apiVersion.d.ts'), 'utf8');
  const licence = readFileSync(join(stripe, 'LICENSE'), 'utf8');
  return {
    api_version: source.match(/ApiVersion = "([^"]+)"/)[1],
    licence: ['MIT', ...licence.match(/^Copyright .*$/gm)].join('; '),
    made_by: 'node tests/shapes/extract.mjs',
    sdk: version,
    source: 'the type definitions of https://github.com/stripe/stripe-node, without descriptions',
  };
}

class Reader {
  /** Objects of Stripe's that other objects refer to, with the symbols that they come from. */
  #objects = new Map();

  constructor(checker, nullMeans) {
    this.checker = checker;
    this.nullMeans = nullMeans;
  }

  /** The fields of these interfaces by name, and every object that they refer to. */
  all(interfaces) {
    const fields = Object.entries(this.fields(interfaces, new Map()));
    const all = fields.map(([name, { required, ...shape }]) => [name, shape]);
    const objects = [...this.#objects].map(([name, { shape }]) => [name, shape]);
    return Object.fromEntries([...all, ...objects]);
  }

  /** The shape of a type. `given` has what stands for the type parameters around it. */
  shape(node, given) {
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword:
        return { type: 'number' };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: 'boolean' };
      case ts.SyntaxKind.UnionType:
        return this.union(node.types, given);
      case ts.SyntaxKind.LiteralType:
        return this.union([node], given);
      case ts.SyntaxKind.ArrayType:
        return { items: this.shape(node.elementType, given), type: 'list' };
      case ts.SyntaxKind.TypeLiteral:
        return this.object([node], given);
      case ts.SyntaxKind.TypeReference:
        return this.reference(node, given);
      default:
        throw new Error(`a type of a kind that nobody has thought of: ${node.getText()}`);
    }
  }

  union(types, given) {
    const shape = {};
    const words = [];
    const others = [];
    for (const type of types) {
      const word = ts.isLiteralTypeNode(type) ? literal(type.literal) : undefined;
      if (word === null) shape[this.nullMeans] = true;
      else if (word === '') shape.emptyable = true;
      else if (word !== undefined) words.push(word);
      else if (isNamed(type, 'OtherString')) shape.open = true;
      else others.push(this.shape(type, given));
    }
    if (words.length > 0) others.push({ type: typeof words[0], values: words.toSorted() });
    if (others.length === 1) return { ...others[0], ...shape };
    return { any_of: others, type: 'any', ...shape };
  }

  reference(node, given) {
    const [argument] = node.typeArguments ?? [];
    if (isNamed(node, 'Array')) return { items: this.shape(argument, given), type: 'list' };
    // On the wire a text, so that no digit is lost.
    if (isNamed(node, 'Decimal')) return { type: 'decimal' };
    let symbol = this.checker.getSymbolAtLocation(node.typeName);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) {
      symbol = this.checker.getAliasedSymbol(symbol);
    }
    const declarations = symbol?.declarations ?? [];
    const [first] = declarations;
    if (!first) throw new Error(`a type that isn't declared anywhere: ${node.getText()}`);
    if (ts.isTypeParameterDeclaration(first)) return given.get(symbol);
    const inner = new Map();
    for (const parameter of first.typeParameters ?? []) {
      inner.set(this.checker.getSymbolAtLocation(parameter.name), this.shape(argument, given));
    }
    if (ts.isTypeAliasDeclaration(first)) return this.shape(first.type, inner);
    const interfaces = declarations.filter(ts.isInterfaceDeclaration);
    const isGeneric = inner.size > 0;
    if (isGeneric || !isOfStripe(interfaces)) return this.object(interfaces, inner);
    return { shape: this.named(symbol, interfaces), type: 'shape' };
  }

  /** Reads one of Stripe's objects, unless it has been read, and returns its name. */
  named(symbol, interfaces) {
    const name = symbol.name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
    const known = this.#objects.get(name);
    if (known && known.symbol !== symbol) throw new Error(`two objects have the name ${name}`);
    if (!known) {
      const object = { symbol };
      // Objects refer to each other in circles.
      this.#objects.set(name, object);
      object.shape = this.object(interfaces, new Map());
    }
    return name;
  }

  object(declarations, given) {
    const index = declarations.flatMap(({ members }) => members).find(ts.isIndexSignatureDeclaration);
    if (index) return { items: this.shape(index.type, given), type: 'map' };
    return { fields: this.fields(declarations, given), type: 'object' };
  }

  fields(declarations, given) {
    const fields = {};
    for (const declaration of declarations) {
      for (const { types } of declaration.heritageClauses ?? []) {
        for (const { expression } of types) {
          const symbol = this.checker.getTypeAtLocation(expression).symbol;
          Object.assign(fields, this.fields(symbol.declarations, given));
        }
      }
      for (const member of declaration.members) {
        // `deleted?: void` says that there is no such field.
        if (member.type.kind === ts.SyntaxKind.VoidKeyword) continue;
        const required = member.questionToken ? {} : { required: true };
        fields[member.name.text] = { ...this.shape(member.type, given), ...required };
      }
    }
    return fields;
  }
}

/** The value of a literal, or nothing if it is none of those that Stripe uses. */
function literal(node) {
  if (ts.isStringLiteral(node)) return node.text;
  return { [ts.SyntaxKind.NullKeyword]: null, [ts.SyntaxKind.TrueKeyword]: true }[node.kind];
}

function isNamed(node, name) {
  return ts.isTypeReferenceNode(node) && node.typeName.getText() === name;
}

/** Stripe's objects say of themselves which kind of object they are. */
function isOfStripe(interfaces) {
  const members = interfaces.flatMap((declaration) => [...declaration.members]);
  return members.some(({ name, type }) => name?.text === 'object' && ts.isLiteralTypeNode(type));
}
