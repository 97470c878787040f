/** nginx: one file that serves the app under the policy, for a distribution's nginx or as a whole configuration. */
import {
  cacheControl,
  hashedPaths,
  mimeTypes,
  type Grant,
  type HeaderSet,
} from '../../src/privacy/policy.ts';
import {
  atRoot,
  hostRules,
  patternText,
  places,
  splitHeaders,
  strictTransport,
  type HostRules,
} from './host-rules.ts';

const quote = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
const indent = (lines: readonly string[]) => lines.map((line) => (line === '' ? line : `    ${line}`));
const variable = (name: string) => `$obscura_${name.toLowerCase().replaceAll('-', '_')}`;

function pathText(path: string | RegExp): string {
  return quote(typeof path === 'string' ? path : `~${patternText(path)}`);
}

function headerMap({ rules, otherwise }: HostRules, name: string): string[] {
  const valueOf = (headers: HeaderSet) => quote(headers[name] ?? '');
  const differing = rules.filter(({ headers }) => headers[name] !== otherwise[name]);
  return [
    `map $uri ${variable(name)} {`,
    ...indent([
      ...differing.map(({ path, headers }) => `${pathText(path)} ${valueOf(headers)};`),
      `default ${valueOf(otherwise)};`,
    ]),
    '}',
  ];
}

function contentTypes(): string[] {
  const bare = Object.entries(mimeTypes).map(([ending, type]) => [type.split(';')[0] ?? type, ending]);
  const types = [...new Set(bare.map(([type]) => type ?? ''))];
  const withCharset = types.filter((type) =>
    Object.values(mimeTypes).some((full) => full.startsWith(`${type};`)),
  );
  const endings = (of: string) => bare.filter(([type]) => type === of).map(([, ending]) => ending);
  return [
    `types {`,
    ...indent(types.map((type) => `${type} ${endings(type).join(' ')};`)),
    `}`,
    `default_type application/octet-stream;`,
    `charset utf-8;`,
    // text/html is always among them, and named twice nginx warns.
    `charset_types ${withCharset.filter((type) => type !== 'text/html').join(' ')};`,
  ];
}

function headerLines(rules: HostRules): string[] {
  const { varied, constant } = splitHeaders(rules);
  return [
    ...varied.map((name) => `add_header ${name} ${variable(name)} always;`),
    ...Object.entries(constant).map(([name, value]) => `add_header ${name} ${quote(value)} always;`),
    `add_header Cache-Control $obscura_cache always;`,
    `add_header Strict-Transport-Security ${quote(strictTransport)} always;`,
  ];
}

function maps(rules: HostRules): string[] {
  return [
    ...splitHeaders(rules).varied.flatMap((name) => headerMap(rules, name)),
    `map $uri $obscura_cache {`,
    `    ${pathText(atRoot(hashedPaths))} ${quote(cacheControl('assets/'))};`,
    `    default ${quote(cacheControl(''))};`,
    `}`,
  ];
}

function server(rules: HostRules, port: number, errorLog: string): string[] {
  return [
    `server {`,
    ...indent([
      `listen ${port} ssl http2;`,
      `server_name _;`,
      `ssl_certificate ${places.certificate};`,
      `ssl_certificate_key ${places.key};`,
      `ssl_protocols TLSv1.2 TLSv1.3;`,
      `ssl_session_tickets off;`,
      `server_tokens off;`,
      ``,
      `# Who may come, if not everybody: take the signs of a comment away.`,
      `# auth_basic "Obscura";`,
      `# auth_basic_user_file ${places.passwords};`,
      `# allow 10.0.0.0/8;`,
      `# deny all;`,
      ``,
      `# No list of who asked for what. Errors of less weight would name address and path as well.`,
      `access_log off;`,
      `error_log ${errorLog} crit;`,
      `log_not_found off;`,
      ``,
      `root ${places.app};`,
      `index index.html;`,
      `etag on;`,
      ...contentTypes(),
      `gzip on;`,
      `gzip_types text/css text/javascript image/svg+xml application/json application/manifest+json;`,
      ...headerLines(rules),
      ``,
      `# What belongs to this host and not to the build lies in a folder of its own, so that a new build replaces none of it.`,
      `location = /obscura.config.json {`,
      `    root ${places.beside};`,
      `    try_files $uri @app;`,
      `}`,
      `location /models/ {`,
      `    try_files $uri @beside;`,
      `}`,
      `location @app {`,
      `    root ${places.app};`,
      `}`,
      `location @beside {`,
      `    root ${places.beside};`,
      `}`,
    ]),
    `}`,
  ];
}

/** For the folder of sites of a distribution's nginx, such as `/etc/nginx/conf.d`. */
export function nginxSite(grants: readonly Grant[]): string {
  const rules = hostRules(grants);
  return text([
    `# Obscura on nginx, written by the build from its policy. Copy it anew with every new build.`,
    `# At the level of http: put it into /etc/nginx/conf.d/obscura.conf.`,
    `# To count visits without knowing visitors, take the sign of a comment away and use`,
    `# "access_log /var/log/nginx/obscura.log obscura_masked;" in place of "access_log off;".`,
    `# log_format obscura_masked "$time_iso8601 $request_method $status $body_bytes_sent";`,
    ...maps(rules),
    `server {`,
    `    listen 80;`,
    `    server_name _;`,
    `    access_log off;`,
    `    return 308 https://$host$request_uri;`,
    `}`,
    ...server(rules, 443, '/var/log/nginx/obscura-error.log'),
  ]);
}

/** A whole configuration for an nginx that is nobody: it writes into /tmp alone and needs no privileged port. */
export function nginxUnprivileged(grants: readonly Grant[]): string {
  const rules = hostRules(grants);
  return text([
    `# Obscura on an nginx without privileges (Containerfile, obscura.service), written by the build from its policy.`,
    `daemon off;`,
    `pid /tmp/nginx.pid;`,
    `worker_processes auto;`,
    `events {`,
    `    worker_connections 1024;`,
    `}`,
    `http {`,
    ...indent([
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `${use}_temp_path /tmp/${use};`),
      `sendfile on;`,
      ...maps(rules),
      ...server(rules, 8443, 'stderr'),
    ]),
    `}`,
  ]);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
