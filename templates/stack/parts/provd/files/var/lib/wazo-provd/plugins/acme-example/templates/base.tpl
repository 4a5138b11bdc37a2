{#- What a PhoneModel fetches, with the names that its manual gives. A copy in
    var/templates named like a file, 001122aabbcc.cfg.tpl, is for that phone alone. -#}
{% set words = {'speeddial': 'dial', 'blf': 'watch', 'park': 'park'} -%}
codecs=G722,PCMA,PCMU
language={{ locale or 'en_US' }}
timezone={{ timezone or 'UTC' }}
{% for number, line in sip_lines | dictsort -%}
line.{{ number }}.server={{ line.proxy_ip }}
line.{{ number }}.backup={{ line.backup_proxy_ip or '' }}
line.{{ number }}.user={{ line.username }}
line.{{ number }}.password={{ line.password }}
line.{{ number }}.name={{ (line.display_name or line.username) | replace('\n', ' ') }}
{% endfor -%}
{% for number, key in funckeys | dictsort if key.type in words -%}
key.{{ number }}.does={{ words[key.type] }}
key.{{ number }}.number={{ key.value | replace('\n', ' ') }}
key.{{ number }}.name={{ (key.label or key.value) | replace('\n', ' ') }}
{% endfor -%}
