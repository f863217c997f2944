import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

/** Import rules are not here: build/boundaries/ has them all, from one table. */
export default ts.config(
  {
    ignores: ['out/', 'dist/', '.cache/', 'coverage/', 'node_modules/', 'build/boundaries/fixtures/']
  },
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } }
  },
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/triple-slash-reference': ['error', { path: 'always' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'prefer-const': 'error'
    }
  },
  {
    files: ['**/*.ts', '**/*.vue'],
    rules: { '@typescript-eslint/ban-ts-comment': 'error', '@typescript-eslint/no-explicit-any': 'error' }
  },
  {
    // Layout is prettier's business.
    files: ['**/*.vue'],
    rules: {
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off'
    }
  },
  {
    files: ['build/**/*.mjs', 'bin/**', 'test/**', '**/*.test.ts', '**/*.config.{ts,mjs}'],
    rules: { 'no-console': 'off' }
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' }
  }
)
