/** Where packages come from, when nobody says otherwise. */
export const USUAL_HOSTS = {
  npm: ['registry.npmjs.org', 'registry.yarnpkg.com'],
  python: ['pypi.org', 'files.pythonhosted.org'],
  rust: ['index.crates.io', 'static.crates.io'],
  go: ['proxy.golang.org', 'sum.golang.org'],
} as const;

/** Where what cargo and go fetch belongs, in a workspace: set-ups and checks are told so. */
export const CARGO_HOME = '.cargo-home';
export const GO_MODULES = '.go-modules';
