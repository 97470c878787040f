/** Caddy: one Caddyfile that serves the app under the policy. */
import {
  cacheControl,
  hashedPaths,
  mimeTypes,
  type Grant,
  type HeaderSet,
} from '../../src/privacy/policy.ts';
import { atRoot, hostRules, patternText, places, splitHeaders, strictTransport } from './host-rules.ts';

const quote = (text: string) => `\`${text}\``;
const variable = (name: string) => `{obscura_${name.toLowerCase().replaceAll('-', '_')}}`;

export function caddyfile(grants: readonly Grant[]): string {
  const rules = hostRules(grants);
  const { varied, constant } = splitHeaders(rules);
  const pathText = (path: string | RegExp) =>
    typeof path === 'string' ? path : quote(`~${patternText(path)}`);
  const valuesOf = (headers: HeaderSet) => varied.map((name) => quote(headers[name] ?? '')).join(' ');
  return `# Obscura on Caddy, written by the build from its policy. Copy it anew with every new build.
{
	# Nothing of this server can be changed over the network.
	admin off
	log {
		output discard
	}
}

https:// {
	tls ${places.certificate} ${places.key}

	# Who may come, if not everybody: take the signs of a comment away. "caddy hash-password" writes the hash.
	# basicauth {
	# 	visitor HASH
	# }
	# @strangers not remote_ip 10.0.0.0/8
	# respond @strangers 403

	# No list of who asked for what: there is no "log" here.
	root * ${places.app}
	# What belongs to this host and not to the build lies in a folder of its own, so that a new build replaces none of it.
	@beside {
		file {
			root ${places.beside}
		}
		path /obscura.config.json /models/*
	}
	root @beside ${places.beside}

	map {path} ${varied.map(variable).join(' ')} {
${rules.rules.map(({ path, headers }) => `\t\t${pathText(path)} ${valuesOf(headers)}`).join('\n')}
		default ${valuesOf(rules.otherwise)}
	}
	map {path} {obscura_cache} {
		${pathText(atRoot(hashedPaths))} ${quote(cacheControl('assets/'))}
		default ${quote(cacheControl(''))}
	}
	map {path} {obscura_type} {
${Object.entries(mimeTypes)
  .map(([ending, type]) => `\t\t${quote(`~\\.${ending}$`)} ${quote(type)}`)
  .join('\n')}
		/ ${quote(mimeTypes['html'] ?? '')}
		default application/octet-stream
	}
	header {
${varied.map((name) => `\t\t${name} ${variable(name)}`).join('\n')}
${Object.entries(constant)
  .map(([name, value]) => `\t\t${name} ${quote(value)}`)
  .join('\n')}
		Cache-Control {obscura_cache}
		Content-Type {obscura_type}
		Strict-Transport-Security ${quote(strictTransport)}
	}
	# By itself: in a block that takes a header away all others would wait, and errors would go without them.
	header -Server
	encode gzip
	file_server
}
`;
}
