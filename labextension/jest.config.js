const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// Published as ES modules only: jest reads them through babel.
const modules = [
  '@codemirror',
  '@jupyter',
  '@jupyterlab',
  '@lezer',
  '@lumino',
  '@marijn',
  '@microsoft',
  'color',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
];

module.exports = {
  ...jestJupyterLab(__dirname),
  reporters: ['default'],
  setupFilesAfterEnv: ['<rootDir>/src/__tests__/setup.ts'],
  roots: ['<rootDir>/src'],
  testRegex: '\\.spec\\.tsx?$',
  transformIgnorePatterns: [`/node_modules/(?!(${modules.join('|')})).+`]
};
